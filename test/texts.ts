/** Prints every text of the tool in one list, to be read in one go: literals of the source by file, then all help. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src');

/** Words with a blank between them: what is shorter is a name, a key or a format. */
const prose = /\p{L}[^\s]* +[^\s]*\p{L}/u;

function textsOf(path: string): readonly string[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== undefined && prose.test(text)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      texts.push(`${String(line + 1).padStart(5)}  ${text.replaceAll('\n', '\n       ')}`);
    }
    // a template's parts are not looked at one by one, but what stands in its braces is
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  const spans = node.templateSpans.map(({ expression, literal }) => `{${expression.getText()}}${literal.text}`);
  return node.head.text + spans.join('');
}

function helpOf(command: string): string {
  const bin = join(root, 'bin', 'clarifai-inputs.js');
  return execFileSync(process.execPath, [bin, 'help', command], { encoding: 'utf8' });
}

for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!/(?<!_pb)\.(ts|js)$/.test(name)) continue;
  const texts = textsOf(join(source, name));
  if (texts.length > 0) console.log(`\n${name}\n${texts.join('\n')}`);
}
for (const command of process.argv.slice(2)) console.log(`\n--- help ${command}\n\n${helpOf(command)}`);
