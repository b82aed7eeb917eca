// Prints the Debian packages that the tests need and this machine lacks, one a line, for .ci/run.
import { missingTools } from './lib/optional-tools.mjs';

for (const name of new Set(missingTools().flatMap((tool) => tool.debianPackages))) {
  console.log(name);
}
