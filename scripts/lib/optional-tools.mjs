import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from './paths.mjs';
import { listFiles, listWorkspaces } from './workspaces.mjs';

/**
 * @typedef {object} OptionalTool
 * @property {string} name
 * @property {RegExp} mention A test file that needs the tool matches this.
 * @property {() => boolean} isPresent
 * @property {string} skipped What is skipped without it.
 * @property {string} remedy How to get it.
 * @property {readonly string[]} debianPackages
 */

/** @param {readonly string[]} names */
const isOnPath = (...names) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) =>
    names.some((name) => {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
  );

/** @type {readonly OptionalTool[]} */
const OPTIONAL_TOOLS = [
  {
    name: 'ffmpeg',
    mention: /\bffmpeg\b/i,
    isPresent: () => isOnPath('ffmpeg'),
    skipped: 'tests that make videos with it or compare with it',
    remedy: 'apt-get install ffmpeg, or brew install ffmpeg',
    debianPackages: ['ffmpeg'],
  },
  {
    name: 'ffprobe',
    mention: /\bffprobe\b/i,
    isPresent: () => isOnPath('ffprobe'),
    skipped: 'tests that check times and packets against it',
    remedy: 'it comes with ffmpeg',
    debianPackages: ['ffmpeg'],
  },
  {
    name: 'chromium',
    mention: /\bchromium\b/i,
    isPresent: () => isOnPath('chromium', 'chromium-browser', 'google-chrome'),
    skipped: 'tests that open a page in a real browser',
    remedy: 'apt-get install chromium, or brew install --cask chromium',
    debianPackages: ['chromium'],
  },
  {
    name: 'python3',
    mention: /\bpython3?\b/i,
    isPresent: () => isOnPath('python3'),
    skipped: 'tests with Python workers',
    remedy: 'apt-get install python3-venv, or brew install python',
    debianPackages: ['python3-venv', 'python3-pip'],
  },
  {
    name: '../shared/media',
    mention: /shared\/media/,
    isPresent: () => existsSync(join(ROOT, '..', 'shared', 'media')),
    skipped: 'tests on real videos of people',
    remedy: 'put the folder of test videos beside the checkout (CONTRIBUTING.md, "Test videos")',
    debianPackages: [],
  },
];

const testSources = () =>
  ['test', ...listWorkspaces().map(({ folder }) => `${folder}/test`)]
    .flatMap((folder) => listFiles(folder, '.ts'))
    .map((file) => readFileSync(file, 'utf8'));

/**
 * The tools that some test needs and this machine lacks.
 *
 * @returns {readonly OptionalTool[]}
 */
export function missingTools() {
  const sources = testSources();
  return OPTIONAL_TOOLS.filter(
    (tool) => !tool.isPresent() && sources.some((source) => tool.mention.test(source)),
  );
}
