import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromWireError,
  isVisualError,
  toWireError,
  VisualError,
  type ErrorCode,
} from '../../src/errors/visual-error.ts';

const { error: errorArbitrary } = fc.letrec<{ error: Error }>((tie) => ({
  error: fc
    .record({
      code: fc.option(fc.constantFrom<ErrorCode>('VB_CLOSED', 'VP_TEST', 'MS_TEST'), {
        nil: undefined,
      }),
      message: fc.string(),
      details: fc.dictionary(fc.string(), fc.jsonValue()),
      cause: fc.option(fc.oneof({ maxDepth: 4 }, fc.constant(undefined), tie('error')), {
        nil: undefined,
      }),
    })
    .map(({ code, message, details, cause }) => {
      const options = cause === undefined ? {} : { cause };
      return code === undefined
        ? new Error(message, options)
        : new VisualError(code, message, { ...options, details });
    }),
}));

/** All that must survive, down the chain. */
const essence = (error: unknown): unknown =>
  error instanceof Error && {
    name: error.name,
    message: error.message,
    stack: error.stack,
    code: isVisualError(error) ? error.code : undefined,
    details: isVisualError(error) ? error.details : undefined,
    cause: error.cause === undefined ? undefined : essence(error.cause),
  };

describe('errors on the wire', () => {
  it('come back with name, code, message, details, stack and causes', () => {
    fc.assert(
      fc.property(errorArbitrary, (error) => {
        const sent = structuredClone(toWireError(error));
        expect(essence(fromWireError(sent))).toEqual(essence(error));
      }),
    );
  });

  it('survive JSON as well', () => {
    const error = new VisualError('VB_CLOSED', 'closed', { details: { path: 'a.mp4', count: 3 } });
    const back = fromWireError(JSON.parse(JSON.stringify(toWireError(error))) as never);
    expect(back).toMatchObject({ code: 'VB_CLOSED', details: { path: 'a.mp4', count: 3 } });
    expect(isVisualError(back)).toBe(true);
  });

  it.each([
    ['text', 'text'],
    [42, '42'],
    [undefined, 'undefined'],
    [null, 'null'],
  ])('are made of whatever was thrown: %o', (thrown, message) => {
    const back = fromWireError(toWireError(thrown));
    expect(back).toBeInstanceOf(Error);
    expect(back.message).toBe(message);
  });
});

describe('VisualError', () => {
  it('is known by its tag, also when it is of another copy of the package', () => {
    class Foreign extends Error {
      readonly code = 'VB_CLOSED';
    }
    Object.defineProperty(Foreign.prototype, Symbol.for('visualpath.VisualError'), { value: true });
    expect(isVisualError(new Foreign('closed'))).toBe(true);
    expect(isVisualError(new Error('closed'))).toBe(false);
    expect(isVisualError({ code: 'VB_CLOSED' })).toBe(false);
  });

  it('keeps a cause only where one is given', () => {
    expect('cause' in new VisualError('VB_CLOSED', 'closed')).toBe(false);
    expect(new VisualError('VB_CLOSED', 'closed', { cause: undefined })).toHaveProperty('cause');
    expect(new VisualError('VB_CLOSED', 'closed').details).toEqual({});
  });
});
