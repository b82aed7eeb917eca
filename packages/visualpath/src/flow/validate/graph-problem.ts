/** One thing wrong with a graph: where, what, and how to mend it. */
export interface GraphProblem {
  readonly severity: 'error' | 'warning';
  /** Name of the node, or `graph`. */
  readonly node: string;
  readonly message: string;
  readonly remedy: string;
}

/** An error: the graph does not run. */
export const graphError = (node: string, message: string, remedy: string): GraphProblem => ({
  severity: 'error',
  node,
  message,
  remedy,
});

/** A warning: the graph runs, perhaps not as meant. */
export const graphWarning = (node: string, message: string, remedy: string): GraphProblem => ({
  severity: 'warning',
  node,
  message,
  remedy,
});
