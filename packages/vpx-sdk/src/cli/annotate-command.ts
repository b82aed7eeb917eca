import { Command } from '@commander-js/extra-typings';
import { count, EXIT, formatBytes, pixels, positive, runAction } from 'visualbase/command';
import { Module } from 'visualpath';
import type { InstalledModules } from './installed-modules.ts';
import { badMarkWarner, moduleOption, note } from './shared-flags.ts';
import { StandardOutput } from './standard-output.ts';

/** `vpx annotate INPUT`. */
export const annotateCommand = new Command('annotate')
  .description('Write a video with what modules see drawn on it')
  .argument('<input>', 'a file, a folder of pictures, camera:0, rtsp://...')
  .option('-m, --modules <names>', 'names with commas between; by default all that draw something')
  .option(
    '-o, --output <path>',
    'video to write, .mp4 or .mkv; by default INPUT-annotated.mp4 here',
  )
  .option(
    '--fps <rate>',
    'frames per second to look at and to write; by default every one',
    positive,
  )
  .option('--max-side <pixels>', 'shrink frames to this longer side', pixels)
  .option('--max-frames <n>', 'end after so many frames', count)
  .option('--mesh', 'find the mesh of faces: --option face.detect.mesh=true', false)
  .addOption(moduleOption)
  .option('--force', 'replace the output if it exists', false)
  .option('--json', 'print what was written for machines', false)
  .option('-q, --quiet', 'show neither progress nor summary', false)
  .addHelpText(
    'after',
    `
Each frame is shown as long as in the input. The video has no sound. It is written under another
name and gets its own when it is complete.

Examples:
  vpx annotate party.mp4
  vpx annotate party.mp4 -m hand.gesture,body.pose --fps 10 -o hands.mp4
  vpx annotate camera:0 --max-frames 300 -o me.mp4

Ctrl-C ends; the video of what was seen by then is completed.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C`,
  )
  .action((input, flags) => runAction('vpx', (signal) => annotate(input, { ...flags, signal })));

type Flags = ReturnType<(typeof annotateCommand)['opts']> & { readonly signal: AbortSignal };

async function annotate(input: string, flags: Flags): Promise<number> {
  const { force, quiet, signal } = flags;
  const [{ InstalledModules }, { openModules, parseModuleNames }, { analyse, summaryOf }] =
    await Promise.all([
      import('./installed-modules.ts'),
      import('./open-modules.ts'),
      import('./analysis.ts'),
    ]);
  const [{ OverlayVideo }, { checkOverlayPath, defaultOverlayPath }] = await Promise.all([
    import('./overlay-video.ts'),
    import('./overlay-path.ts'),
  ]);
  const path = flags.output ?? defaultOverlayPath(input);
  await checkOverlayPath(path, { input, force });
  const installed = new InstalledModules();
  const names =
    flags.modules === undefined ? await drawingModules(installed) : parseModuleNames(flags.modules);
  const mesh = flags.mesh ? [{ key: 'face.detect.mesh', value: true }] : [];
  const opened = await openModules(installed, names, [...mesh, ...flags.option]);
  const { modules } = opened;
  if (!quiet) {
    opened.notes.forEach(note);
    note(`modules: ${modules.map(({ name }) => name).join(', ')}`);
  }

  const output = new StandardOutput();
  const video = { path, fps: 30, modules, onBadMark: badMarkWarner() };
  let overlay: InstanceType<typeof OverlayVideo> | undefined;
  try {
    const verbs = quiet ? undefined : { doing: 'Annotating', done: 'Annotated' };
    const analysis = await analyse(
      opened,
      { ...flags, input, verbs },
      {
        start: ({ fps = video.fps }) => (overlay = new OverlayVideo({ ...video, fps })),
        frame: (frame, observations) => overlay!.add(frame, observations),
      },
    );
    const written = await overlay?.finish();
    if (!quiet) summaryOf(analysis).forEach(note);
    if (written === undefined) {
      note('no frames, so that no video was written');
      return signal.aborted ? EXIT.interrupted : EXIT.failed;
    }
    const drawMs = overlay!.drawMs / written.frameCount;
    if (!quiet) note(`drawing: ${drawMs.toFixed(2)} ms a frame`);
    const facts = `${written.frameCount} frames, ${formatBytes(written.sizeBytes)}`;
    output.print(flags.json ? JSON.stringify(written, undefined, 2) : `${facts}\n${written.path}`);
    return signal.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    await overlay?.[Symbol.asyncDispose]();
  }
}

/** The installed modules that have something to draw. Those that cannot be made are reported. */
async function drawingModules(installed: InstalledModules): Promise<readonly string[]> {
  const names: string[] = [];
  for (const name of (await installed.list()).keys()) {
    try {
      const module = await installed.create(name);
      if (module.annotate !== Module.prototype.annotate) names.push(name);
    } catch (error) {
      note(`${name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (names.length > 0) return names;
  throw new RangeError(
    'No module that draws something is installed. Try: npm install vpx-body-pose',
  );
}
