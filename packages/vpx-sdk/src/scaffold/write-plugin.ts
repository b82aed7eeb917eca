import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { VisualError } from 'visualbase';
import { exists } from './find-place.ts';
import type { PluginPlan } from './plan-plugin.ts';

/**
 * Writes the files of a plan; nothing if something is in the way.
 *
 * @throws VisualError `VPX_PATH_TAKEN` naming what is there already.
 */
export async function writePlugin(plan: PluginPlan): Promise<void> {
  if (!plan.isFree) throw await pathTaken(plan);
  for (const { path: file, text, isChange = false } of plan.files) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { flag: isChange ? 'w' : 'wx' });
  }
}

async function pathTaken({ place, files }: PluginPlan): Promise<VisualError> {
  const taken: string[] = [];
  if (place.kind === 'internal') {
    for (const file of files) if (await exists(file.path)) taken.push(file.path);
  } else {
    taken.push(place.folder);
  }
  const what =
    place.kind === 'internal'
      ? `There is already ${taken.join(', ')}`
      : `The folder ${place.folder} is not empty`;
  return new VisualError(
    'VPX_PATH_TAKEN',
    `${what}, and nothing is overwritten. Give the module another name, another folder with --dir, or remove what is there.`,
    { details: { paths: taken } },
  );
}
