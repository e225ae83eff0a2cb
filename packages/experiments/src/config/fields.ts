import { z } from 'zod';

/** One setting of a config, as help and error messages tell of it. */
export interface Field {
  /** Such as `model.units`. */
  readonly path: string;
  readonly description: string;
  readonly default: unknown;
  /** In words, such as `a whole number from 1 to 4096`. */
  readonly expected: string;
  readonly type: 'number' | 'boolean' | 'string' | 'list';
  /** What it may be, where that can be listed. */
  readonly choices: readonly string[];
}

/** What `z.toJSONSchema` makes of the schemas that are used here. */
interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Every setting of a schema, in its order. */
export function fieldsOf(schema: z.ZodType): Field[] {
  return fieldsBelow('', z.toJSONSchema(schema, { io: 'input' }) as JsonSchema);
}

function fieldsBelow(prefix: string, schema: JsonSchema): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, part]): Field[] => {
    const path = prefix + key;
    if (part.properties) return fieldsBelow(`${path}.`, part);
    const choices = part.items?.enum ?? part.enum ?? [];
    const { description = '', default: fallback = part.const } = part;
    const type = typeOf(part);
    return [{ path, description, default: fallback, expected: expectedOf(part), type, choices }];
  });
}

function typeOf({ type, items }: JsonSchema): Field['type'] {
  if (items) return 'list';
  if (type === 'integer' || type === 'number') return 'number';
  return type === 'boolean' ? 'boolean' : 'string';
}

function expectedOf(part: JsonSchema): string {
  if (part.items) return `a list of ${part.items.enum?.join(', ') ?? 'words'}`;
  if (part.enum) return `one of ${part.enum.join(', ')}`;
  if (part.const !== undefined) return `${part.const}`;
  if (part.type === 'boolean') return 'true or false';
  if (part.type === 'string') return 'a text';
  return (part.type === 'integer' ? 'a whole number' : 'a number') + rangeOf(part);
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const above = exclusiveMinimum !== undefined;
  const low = above ? `above ${exclusiveMinimum}` : minimum;
  const high = exclusiveMaximum ?? maximum;
  const ends = high !== undefined && high < Number.MAX_SAFE_INTEGER;
  if (low === undefined) return ends ? ` of at most ${high}` : '';
  if (!ends) return above ? ` ${low}` : ` of at least ${low}`;
  return above ? ` ${low}, at most ${high}` : ` from ${low} to ${high}`;
}
