import {
  FlowGraphBuilder,
  defineModule,
  type DefinedModule,
  type Frame,
  type ModuleDefinition,
} from 'visualpath';

type Definition = ModuleDefinition<string, undefined, readonly string[], readonly string[]>;

/** Options of {@link looker}. */
export interface LookerOptions extends Partial<Omit<Definition, 'name' | 'process'>> {
  /** Frames in which it sees nothing. */
  readonly blindTo?: readonly number[];
  /** Frames for which it asks for a trigger. */
  readonly firesAt?: readonly number[];
  /** Whether it answers with promises, later frames sooner than earlier ones. */
  readonly isAsync?: boolean;
}

/** A module that sees the value of a frame's pixels: `signals.value`, which is the frame's id. */
export function looker(
  name: string,
  options: LookerOptions = {},
): DefinedModule<string, undefined> {
  const { blindTo = [], firesAt = [], isAsync = false, ...definition } = options;
  const look = (frame: Frame) => {
    if (blindTo.includes(frame.frameId)) return undefined;
    const fires = firesAt.length > 0 && { should_trigger: firesAt.includes(frame.frameId) };
    return { signals: { value: frame.data[0]!, ...fires } };
  };
  return defineModule<string, undefined, readonly string[], readonly string[]>({
    ...definition,
    name,
    process: isAsync
      ? async (frame) => {
          await ticks(3 * (4 - (frame.frameId % 4)));
          return look(frame);
        }
      : look,
  });
}

/** Lets other work go on for some rounds of promises; no timer. */
export async function ticks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve();
}

/** A promise that is opened from outside. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** Makes a {@link Gate}. */
export function gate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** The beginning of a graph with one source, `source`. */
export const start = (): FlowGraphBuilder => new FlowGraphBuilder().source();

/** Whole numbers times 10, as the times of frames: 0, 10, 20 and so on. */
export const everyTen = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => i * 10);
