/** Operators whose two sides must be in the same unit; multiplying and dividing is converting. */
const SAME_UNIT_OPERATORS = new Set('+ - < > <= >= == != === !== += -= = ??= ||= &&='.split(' '));

/**
 * The time unit that a name ends in: `tNs`, `WINDOW_SEC`. Conversion factors
 * (`NS_PER_MS`) have none.
 *
 * @param {string} name
 */
function unitOfName(name) {
  if (/_PER_|Per[A-Z]/.test(name)) return undefined;
  return (/[a-z0-9](Ns|Us|Ms|Sec)$/.exec(name) ??
    /_(NS|US|MS|SEC)$/.exec(name))?.[1]?.toLowerCase();
}

/**
 * The unit of an expression, where it can be read off a name.
 *
 * @param {any} node An ESTree or TypeScript-ESTree expression.
 * @returns {string | undefined}
 */
function unitOf(node) {
  switch (node?.type) {
    case 'Identifier':
      return unitOfName(node.name);
    case 'PrivateIdentifier':
      return unitOfName(node.name);
    case 'MemberExpression':
      return node.computed ? undefined : unitOf(node.property);
    case 'CallExpression':
      return unitOf(node.callee);
    case 'UnaryExpression':
      return ['-', '+'].includes(node.operator) ? unitOf(node.argument) : undefined;
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return unitOf(node.expression);
    case 'BinaryExpression':
      return ['+', '-'].includes(node.operator)
        ? (unitOf(node.left) ?? unitOf(node.right))
        : undefined;
    case 'LogicalExpression':
    case 'AssignmentPattern':
      return unitOf(node.left) ?? unitOf(node.right);
    case 'ConditionalExpression':
      return unitOf(node.consequent) ?? unitOf(node.alternate);
    default:
      return undefined;
  }
}

/**
 * Refuses to add, subtract, compare or assign values whose names say different units of time:
 * `tNs + timeoutMs`, `{ startNs: clip.startSec }`.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const noMixedTimeUnits = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      mixed:
        'One side is in {{left}}, the other in {{right}}: convert first, for example with secToNs().',
    },
  },
  create(context) {
    /** @param {import('eslint').Rule.Node} node @param {unknown} a @param {unknown} b */
    const check = (node, a, b) => {
      const [left, right] = [unitOf(a), unitOf(b)];
      if (left === undefined || right === undefined || left === right) return;
      context.report({ node, messageId: 'mixed', data: { left, right } });
    };
    return {
      BinaryExpression(node) {
        if (SAME_UNIT_OPERATORS.has(node.operator)) check(node, node.left, node.right);
      },
      AssignmentExpression(node) {
        if (SAME_UNIT_OPERATORS.has(node.operator)) check(node, node.left, node.right);
      },
      AssignmentPattern(node) {
        check(node, node.left, node.right);
      },
      VariableDeclarator(node) {
        check(node, node.id, node.init);
      },
      Property(node) {
        if (!node.computed) check(node, node.key, node.value);
      },
      'CallExpression[callee.object.name="Math"][callee.property.name=/^(min|max)$/]'(
        /** @type {any} */ node,
      ) {
        for (const argument of node.arguments.slice(1)) check(node, node.arguments[0], argument);
      },
    };
  },
};
