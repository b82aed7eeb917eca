/**
 * A small assembler for WebAssembly, for kernels that are kept as readable text: one function, one
 * instruction a line, in the notation of the text format without folding.
 *
 * @see https://webassembly.github.io/spec/core/binary/
 */

/** A type of a parameter or local. */
export type ValueType = 'i32' | 'v128';

/** What {@link assemble} makes a module of. */
export interface KernelSource {
  /** The parameters of the function, all i32, by name. */
  readonly params: readonly string[];
  readonly locals: Readonly<Record<string, ValueType>>;
  /** Instructions; what follows `;;` is a comment. */
  readonly body: string;
}

const VALUE_TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, v128: 0x7b };
const EMPTY_BLOCK = 0x40;
const SIMD = 0xfd;
const END = 0x0b;

/** Instructions without operands. */
const PLAIN: Readonly<Record<string, readonly number[]>> = {
  end: [END],
  'i32.lt_s': [0x48],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.mul': [0x6c],
  'i32.and': [0x71],
  'i8x16.swizzle': [SIMD, 0x0e],
  'i32x4.splat': [SIMD, 0x11],
  'f64x2.splat': [SIMD, 0x14],
  'v128.and': [SIMD, 0x4e],
  'f64x2.floor': [SIMD, 0x75],
  'i32x4.shr_s': [SIMD, 0xac, 0x01],
  'i32x4.shr_u': [SIMD, 0xad, 0x01],
  'i32x4.add': [SIMD, 0xae, 0x01],
  'i32x4.min_s': [SIMD, 0xb6, 0x01],
  'i32x4.max_s': [SIMD, 0xb8, 0x01],
  'i32x4.dot_i16x8_s': [SIMD, 0xba, 0x01],
  'f64x2.add': [SIMD, 0xf0, 0x01],
  'i32x4.trunc_sat_f64x2_s_zero': [SIMD, 0xfc, 0x01],
};

/** Instructions with an address: their code, and the power of two that it is a multiple of. */
const MEMORY: Readonly<Record<string, readonly [code: readonly number[], align: number]>> = {
  'f32.load': [[0x2a], 2],
  'f32.store': [[0x38], 2],
  'v128.load': [[SIMD, 0x00], 0],
  'v128.load64_zero': [[SIMD, 0x5d], 0],
};

/** A module with the kernel as `run` and its memory as `memory`. @throws Error for what it cannot read. */
export function assemble({ params, locals, body }: KernelSource): Uint8Array<ArrayBuffer> {
  const names = [...params, ...Object.keys(locals)];
  const code = body
    .split('\n')
    .map((line) => line.replace(/;;.*/, '').trim())
    .filter((line) => line !== '')
    .flatMap((line) => encode(line.split(/\s+/), names));
  const declared = Object.values(locals).flatMap((type) => [1, VALUE_TYPES[type]]);
  const func = [...unsigned(Object.keys(locals).length), ...declared, ...code, END];
  const paramTypes = params.map(() => VALUE_TYPES.i32);
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, ...unsigned(params.length), ...paramTypes, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...text('run'), 0, 0, ...text('memory'), 2, 0]),
    ...section(10, [1, ...unsigned(func.length), ...func]),
  ]);
}

function encode([name, ...operands]: readonly string[], names: readonly string[]): number[] {
  const [operand] = operands;
  const local = (): number[] => {
    const index = names.indexOf(String(operand));
    if (index < 0) throw new Error(`A kernel has no "${operand}".`);
    return unsigned(index);
  };
  const plain = PLAIN[name!];
  if (plain !== undefined) return [...plain];
  const memory = MEMORY[name!];
  if (memory !== undefined) return [...memory[0], memory[1], ...unsigned(Number(operand ?? 0))];
  switch (name) {
    case 'loop':
      return [0x03, EMPTY_BLOCK];
    case 'br_if':
      return [0x0d, ...unsigned(Number(operand))];
    case 'local.get':
      return [0x20, ...local()];
    case 'local.set':
      return [0x21, ...local()];
    case 'local.tee':
      return [0x22, ...local()];
    case 'i32.const':
      return [0x41, ...signed(Number(operand))];
    case 'f64.const':
      return [0x44, ...new Uint8Array(Float64Array.of(Number(operand)).buffer)];
    case 'i32x4.extract_lane':
      return [SIMD, 0x1b, Number(operand)];
    case 'v128.const':
      return [SIMD, 0x0c, ...operands.map(Number)];
    default:
      throw new Error(`A kernel has the unknown instruction "${name}".`);
  }
}

const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];

const text = (name: string): number[] => [name.length, ...new TextEncoder().encode(name)];

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (; value < -0x40 || value > 0x3f; value >>= 7) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value & 0x7f];
}
