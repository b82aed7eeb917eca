import path from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { formatBytes, formatTable, runAction } from 'visualbase/command';

/** `vpx new NAME`. */
export const newCommand = new Command('new')
  .description('Write a new module, which works and is tested, to start from')
  .argument('<name>', 'name of the module, domain.action, such as scene.brightness')
  .option('--depends <names>', 'modules whose observations it needs, with commas between')
  .option('--internal', 'write it into the sources of the project, without a package', false)
  .option('--no-backend', 'put what computes into the module itself')
  .option('--dir <folder>', 'folder to write into; see below')
  .option('--dry-run', 'say what would be written, and write nothing', false)
  .addHelpText(
    'after',
    `
What is written measures how bright a picture is; put your own work in its place. Its tests
hold what it measures, and what every plugin must do.

Where it is written:
  a package of its own   vpx-DOMAIN-ACTION in --dir, by default the current folder. Programs find
                         it by its name once it is installed.
  in a repository        plugins/vpx-DOMAIN-ACTION, where package.json has plugins/* among its
                         workspaces and --dir names nothing else; made like the other plugins.
  --internal             src/modules/DOMAIN/ACTION.ts and its test, in the project that the
                         folder is in. The program registers it: registry.register(NAME, Class).

The backend is the part that computes: it loads a network, runs it, and knows nothing of
observations. The module makes signals and data of what it gives. Apart, each can be tested and
replaced without the other. With --no-backend, for small work, both are in one file.

Examples:
  vpx new scene.brightness
  vpx new face.blur --depends face.detect --dir ~/plugins
  vpx new scene.brightness --internal --no-backend
  vpx new scene.brightness --dry-run`,
  )
  .action((name, flags) =>
    runAction('vpx', async () => {
      const { planPlugin } = await import('../scaffold/plan-plugin.ts');
      const { writePlugin } = await import('../scaffold/write-plugin.ts');
      const plan = await planPlugin({
        name,
        depends: flags.depends,
        isInternal: flags.internal,
        hasBackend: flags.backend,
        dir: flags.dir,
      });
      for (const warning of plan.warnings) console.error(`vpx: warning: ${warning}`);
      if (!flags.dryRun) await writePlugin(plan);
      const rows = plan.files.map(({ path: file, text, isChange = false }) => [
        path.relative(process.cwd(), file) || '.',
        formatBytes(Buffer.byteLength(text)),
        isChange ? 'changed' : '',
      ]);
      console.log(formatTable(rows).join('\n'));
      if (flags.dryRun) {
        const taken = plan.isFree ? '' : ' Something is there already: it would be refused.';
        console.log(`\nNothing was written.${taken}`);
      } else {
        console.log(`\nNext:\n${plan.nextSteps.map((step) => `  ${step}`).join('\n')}`);
      }
    }),
  );
