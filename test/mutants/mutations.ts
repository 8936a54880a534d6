import ts from 'typescript';

/** One change of one point of a file. */
export interface Mutant {
  /** Relative to the project. */
  readonly file: string;
  /** In characters from the file's start. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

const operators = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
  [ts.SyntaxKind.AsteriskToken, '/'],
  [ts.SyntaxKind.SlashToken, '*'],
  [ts.SyntaxKind.PercentToken, '*'],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.QuestionQuestionToken, '&&'],
  [ts.SyntaxKind.PlusEqualsToken, '-='],
  [ts.SyntaxKind.MinusEqualsToken, '+='],
]);

interface Point {
  readonly node: ts.Node;
  readonly after: string;
}

/** All mutants of a file, some of which may not be valid: operators, conditions and literals changed, calls left out. */
export function findMutants(file: string, text: string): readonly Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const visit = (node: ts.Node): void => {
    // types are gone when the program runs, and a module's name is not a value
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    for (const point of pointsOf(node)) mutants.push(mutantOf(point, source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}

export function applyMutant(text: string, { start, end, after }: Mutant): string {
  return text.slice(0, start) + after + text.slice(end);
}

function mutantOf({ node, after }: Point, source: ts.SourceFile): Mutant {
  const start = node.getStart(source);
  const { line } = source.getLineAndCharacterOfPosition(start);
  return { file: source.fileName, start, end: node.end, line: line + 1, before: node.getText(source), after };
}

function pointsOf(node: ts.Node): readonly Point[] {
  return [...operatorPoints(node), ...conditionPoints(node), ...literalPoints(node), ...omissionPoints(node)];
}

function operatorPoints(node: ts.Node): readonly Point[] {
  if (ts.isBinaryExpression(node)) {
    const after = operators.get(node.operatorToken.kind);
    return after === undefined || joinsText(node) ? [] : [{ node: node.operatorToken, after }];
  }
  if (!ts.isPrefixUnaryExpression(node) || node.operator !== ts.SyntaxKind.ExclamationToken) return [];
  return [{ node, after: node.operand.getText() }];
}

/** A `-` between texts would be no fault that anybody makes. */
function joinsText({ operatorToken, left, right }: ts.BinaryExpression): boolean {
  const isText = (node: ts.Node): boolean => ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
  return operatorToken.kind === ts.SyntaxKind.PlusToken && (isText(left) || isText(right));
}

function conditionPoints(node: ts.Node): readonly Point[] {
  const condition = conditionOf(node);
  return condition === undefined ? [] : ['true', 'false'].map((after) => ({ node: condition, after }));
}

function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node)) return node.expression;
  return ts.isConditionalExpression(node) || ts.isForStatement(node) ? node.condition : undefined;
}

function literalPoints(node: ts.Node): readonly Point[] {
  if (ts.isNumericLiteral(node)) return [{ node, after: `(${node.text} + 1)` }];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [{ node, after: 'false' }];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [{ node, after: 'true' }];
  if (ts.isTemplateExpression(node)) return [{ node, after: "''" }];
  if (!ts.isStringLiteralLike(node) || isName(node)) return [];
  return [{ node, after: node.text === '' ? "'mutant'" : "''" }];
}

/** A property's name, a module's, or a tagged template. */
function isName(node: ts.StringLiteralLike): boolean {
  const { parent } = node;
  if (ts.isPropertyAssignment(parent)) return parent.name === node;
  return ts.isExportDeclaration(parent) || ts.isTaggedTemplateExpression(parent);
}

/** A call or a yield whose value nobody takes is left out. */
function omissionPoints(node: ts.Node): readonly Point[] {
  if (!ts.isExpressionStatement(node)) return [];
  const { expression } = node;
  const inner = ts.isAwaitExpression(expression) ? expression.expression : expression;
  return ts.isCallExpression(inner) || ts.isYieldExpression(inner) ? [{ node, after: ';' }] : [];
}

/** A mutant that can't even be parsed says nothing about tests. Takes some milliseconds. */
export function hasValidSyntax(text: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
  return diagnostics.length === 0;
}
