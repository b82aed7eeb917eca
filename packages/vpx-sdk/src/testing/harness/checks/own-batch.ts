import { Module, type AnyModule } from 'visualpath';

// eslint-disable-next-line @typescript-eslint/unbound-method -- compared, not called
const INHERITED = Function.prototype.toString.call(Module.prototype.processBatch);

/** Whether a module has a `processBatch` of its own; the source tells, for visualpath may be there twice. */
export const hasOwnBatch = (module: AnyModule): boolean =>
  // eslint-disable-next-line @typescript-eslint/unbound-method -- compared, not called
  Function.prototype.toString.call(module.processBatch) !== INHERITED;
