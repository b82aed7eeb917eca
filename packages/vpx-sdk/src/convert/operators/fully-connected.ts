import type { Lowering } from '../lowering.ts';
import { elementCount } from '../tflite-model.ts';

/** FULLY_CONNECTED with constant weights [out, in]; everything but the batch is flattened. */
export function lowerFullyConnected(ctx: Lowering): void {
  const input = ctx.activation(0);
  const { shape, data } = ctx.floats(1, 2);
  const [outCount, inCount] = shape as [number, number];
  const { options } = ctx;
  if (options.int8(1) !== 0) throw ctx.unsupported('its weights are shuffled');
  if (elementCount(input.shape) !== inCount) {
    throw ctx.unsupported(
      `weights [${shape.join(', ')}] do not take the whole input [${input.shape.join(', ')}]`,
    );
  }
  const flat =
    input.shape.length === 2
      ? ctx.plain(input)
      : ctx.emit('Reshape', [ctx.plain(input), ctx.graph.ints([-1, inCount])]);
  const operands = [flat, ctx.graph.floats(data, shape)];
  if (ctx.hasInput(2)) {
    const bias = ctx.floats(2, 1);
    if (bias.shape[0] !== outCount) throw ctx.invalid(`it has ${bias.shape[0]} biases`);
    operands.push(ctx.graph.floats(bias.data, bias.shape));
  }
  const result = ctx.fused(ctx.emit('Gemm', operands, { transB: 1 }), options.int8(0));
  const declared = ctx.outputShape;
  if (declared.length === 2) {
    ctx.setOutput(result, 'plain', [1, outCount]);
    return;
  }
  const target = ctx.graph.ints([-1, ...declared.slice(1)]);
  const shaped = [...new Array<number>(Math.max(0, declared.length - 1)).fill(1), outCount];
  ctx.setOutput(ctx.emit('Reshape', [result, target]), 'plain', shaped);
}
