import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TSC = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** A document of its own, with an error: were it not found, the check would not check. */
const BROKEN = {
  name: 'broken.md',
  text: 'Text.\n\n```ts\nexport const a = 1;\n```\n\n```ts\n// continues\nconst b: string = a;\n```\n',
};

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

it(
  'every block of TypeScript in the guides and READMEs type-checks',
  { timeout: 60_000 },
  async () => {
    const documents = [BROKEN, ...(await readDocuments())];
    const programs = documents.flatMap(({ name, text }) => programsOf(name, text));
    expect(programs.length).toBeGreaterThan(20);
    expect(await typeCheck(programs)).toEqual([
      "broken.md:9 error TS2322: Type 'number' is not assignable to type 'string'.",
    ]);
  },
);

interface Program {
  readonly document: string;
  readonly text: string;
}

async function readDocuments(): Promise<{ name: string; text: string }[]> {
  const guides = (await readdir(path.join(ROOT, 'docs/guide'))).map((name) => `docs/guide/${name}`);
  const readmes = [];
  for (const parent of ['packages', 'plugins', 'apps']) {
    for (const name of await readdir(path.join(ROOT, parent))) {
      readmes.push(`${parent}/${name}/README.md`);
    }
  }
  const names = ['README.md', ...readmes, ...guides].filter((name) => name.endsWith('.md'));
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(path.join(ROOT, name), 'utf8') })),
  );
}

/**
 * The programs of a document: each block is one, except those that begin with `// continues`, which go
 * on with the one before. Every line keeps its number.
 */
function programsOf(document: string, text: string): Program[] {
  const lines = text.split('\n');
  const programs: string[][] = [];
  let isCode = false;
  for (const [i, line] of lines.entries()) {
    if (line === '```ts') {
      isCode = true;
      if (lines[i + 1] !== '// continues') programs.push([]);
      const program = programs.at(-1);
      if (program === undefined) throw new Error(`${document}:${i + 1} continues nothing.`);
      while (program.length <= i) program.push('');
    } else if (line === '```') {
      isCode = false;
    } else if (isCode) {
      programs.at(-1)!.push(line);
    }
  }
  return programs.map((program) => ({ document, text: program.join('\n') }));
}

/** Compiles programs as strictly as the repository; names of variables may just tell what there is. */
async function typeCheck(programs: readonly Program[]): Promise<string[]> {
  const cache = path.join(ROOT, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(path.join(cache, 'docs-code-'));
  folders.push(folder);
  const documentOf = new Map(programs.map(({ document }, i) => [`program-${i}.ts`, document]));
  for (const [i, { text }] of programs.entries()) {
    await writeFile(path.join(folder, `program-${i}.ts`), text);
  }
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  const config = {
    extends: '../../../tsconfig.base.json',
    compilerOptions: {
      ...{ composite: false, incremental: false, noEmit: true },
      ...{ noUnusedLocals: false, noUnusedParameters: false },
    },
    files: [...documentOf.keys()],
  };
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
  const output = await outputOf(TSC, '-p', folder, '--pretty', 'false');
  return output
    .trim()
    .split('\n')
    .map((line) => {
      const found = /^.*?(program-\d+\.ts)\((\d+),\d+\): (.*)$/.exec(line);
      return found === null ? line : `${documentOf.get(found[1]!)}:${found[2]} ${found[3]}`;
    });
}

async function outputOf(...args: readonly string[]): Promise<string> {
  try {
    return (await promisify(execFile)(process.execPath, args)).stdout;
  } catch (error) {
    // The compiler's findings are what it prints before it fails.
    const { stdout } = error as { readonly stdout?: string };
    if (stdout === undefined || stdout === '') throw error;
    return stdout;
  }
}
