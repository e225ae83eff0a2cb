import type { z } from 'zod';

/** What a config of one task is made of: one of its sources, one of its models, and its training. */
export interface TaskSchemas {
  readonly sources: Readonly<Record<string, z.ZodType>>;
  readonly models: Readonly<Record<string, z.ZodType>>;
  readonly training: z.ZodType;
}
