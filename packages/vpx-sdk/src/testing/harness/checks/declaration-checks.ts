import { Capability, type AnyModule, type Observation, type PortType } from 'visualpath';
import { show } from '../../first-difference.ts';
import { nameOf } from '../../observe-frames.ts';
import { skipped, type PluginCheck } from '../plugin-check.ts';
import { hasOwnBatch } from './own-batch.ts';

const SIGNAL_NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;
const PORT_TYPES: readonly PortType[] = ['number', 'boolean', 'string'];

/** Signals that the platform itself gives a meaning; they need not be declared. */
const TRIGGER_SIGNALS: Readonly<Record<string, PortType>> = {
  should_trigger: 'boolean',
  trigger_score: 'number',
  trigger_reason: 'string',
};

/** What a module declares, by itself and against what it does. */
export const DECLARATION_CHECKS: readonly PluginCheck[] = [
  {
    name: 'capabilities',
    title: 'declares capabilities that make sense together',
    run: async (subject) => capabilityProblems(await subject.make()),
  },
  {
    name: 'ports',
    title: 'declares every signal that it gives, with its type',
    async run(subject) {
      const { module, observations } = await subject.baseline();
      const outputs = module.portSchema?.outputs ?? {};
      return [
        ...declaredPortProblems(module),
        ...new Set(observations.flatMap((one) => (one ? signalProblems(one, outputs) : []))),
      ];
    },
  },
  {
    name: 'signals-seen',
    title: 'gives every signal that it declares',
    async run(subject, { requireAllSignals }) {
      const { module, observations } = await subject.baseline();
      const seen = new Set(observations.flatMap((one) => Object.keys(one?.signals ?? {})));
      const missing = Object.keys(module.portSchema?.outputs ?? {}).filter((n) => !seen.has(n));
      if (missing.length === 0) return [];
      const what = `never seen in ${observations.length} frames: ${missing.join(', ')}; give frames in which they appear`;
      return requireAllSignals ? [what] : skipped(what);
    },
  },
  {
    name: 'inputs',
    title: 'reads signals that the modules it depends on give',
    async run(subject) {
      const module = await subject.make();
      const inputs = Object.entries(module.portSchema?.inputs ?? {});
      if (inputs.length === 0) return skipped('it declares no inputs');
      const given = new Map<string, PortType>();
      const depends = [...module.depends, ...module.optionalDepends].map(nameOf);
      for (const { deps } of await subject.frames()) {
        for (const name of depends) {
          for (const [signal, value] of Object.entries(deps[name]?.signals ?? {})) {
            given.set(signal, typeof value as PortType);
          }
        }
      }
      for (const dependency of await subject.dependencies()) {
        if (!depends.includes(dependency.name)) continue;
        for (const [signal, type] of Object.entries(dependency.portSchema?.outputs ?? {})) {
          given.set(signal, type);
        }
      }
      return inputs.flatMap(([signal, type]) => {
        const found = given.get(signal);
        if (found === type) return [];
        const is = found === undefined ? 'nobody it depends on gives' : `is given as ${found}`;
        return [
          `the input ${signal} (${type}) ${is}; ${depends.join(', ') || 'it depends on none'}`,
        ];
      });
    },
  },
];

function capabilityProblems(module: AnyModule): readonly string[] {
  const { flags, maxBatchSize, gpuMemoryMb, resourceGroup, resourceGroups } = module.capabilities;
  const problems: string[] = [];
  const known: readonly string[] = Object.values(Capability);
  const has = (flag: Capability): boolean => flags.includes(flag);
  const unknown = flags.filter((flag) => !known.includes(flag));
  if (unknown.length > 0) {
    problems.push(`there is no flag ${unknown.join(', ')}; there is ${known.join(', ')}`);
  }
  if (new Set(flags).size < flags.length) problems.push(`a flag is there twice: ${show(flags)}`);
  if (has('STATEFUL') && !module.stateful) {
    problems.push('it has the flag STATEFUL, but `stateful` is false; set `stateful = true`');
  }
  if (has('BATCHING') && !hasOwnBatch(module)) {
    problems.push('it has the flag BATCHING, but no processBatch() of its own');
  }
  if (maxBatchSize !== undefined) {
    if (!(Number.isSafeInteger(maxBatchSize) && maxBatchSize >= 1)) {
      problems.push(`maxBatchSize must be a whole number from 1, is ${show(maxBatchSize)}`);
    } else if (!has('BATCHING')) {
      problems.push('maxBatchSize means nothing without the flag BATCHING');
    }
  }
  if (gpuMemoryMb !== undefined) {
    if (!(Number.isFinite(gpuMemoryMb) && gpuMemoryMb > 0)) {
      problems.push(`gpuMemoryMb must be a number above 0, is ${show(gpuMemoryMb)}`);
    } else if (!has('GPU')) {
      problems.push('gpuMemoryMb means nothing without the flag GPU');
    }
  }
  const groups = [
    ...(resourceGroups ?? []),
    ...(resourceGroup === undefined ? [] : [resourceGroup]),
  ];
  const isText = (group: unknown): boolean => typeof group === 'string' && group !== '';
  if (!groups.every(isText)) problems.push(`a resource group must be a text, got ${show(groups)}`);
  if (has('CROSS_HOST_OK') && has('NEEDS_ZERO_COPY')) {
    problems.push('NEEDS_ZERO_COPY and CROSS_HOST_OK exclude each other');
  }
  return problems;
}

function declaredPortProblems({ portSchema }: AnyModule): readonly string[] {
  const ports = { ...portSchema?.inputs, ...portSchema?.outputs };
  return Object.entries(ports).flatMap(([name, type]) => [
    ...(SIGNAL_NAME.test(name) ? [] : [`the port ${show(name)} is not in snake_case`]),
    ...(PORT_TYPES.includes(type) ? [] : [`the port ${name} has the type ${show(type)}`]),
  ]);
}

function signalProblems(
  { signals }: Observation,
  outputs: Readonly<Record<string, PortType>>,
): readonly string[] {
  return Object.entries(signals).flatMap(([name, value]) => {
    const declared = outputs[name] ?? TRIGGER_SIGNALS[name];
    if (declared === undefined) {
      return [`the signal ${name} (${typeof value}) is not in portSchema.outputs`];
    }
    if (typeof value !== declared) {
      return [`the signal ${name} is a ${typeof value}, and is declared as ${declared}`];
    }
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return [`the signal ${name} is ${value}; leave it out where there is no number`];
    }
    return [];
  });
}
