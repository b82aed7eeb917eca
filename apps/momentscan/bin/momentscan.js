#!/usr/bin/env node
// There before a build, so that npm can link it when it installs a checkout.
import '../dist/cli.js';
