import { z } from 'zod';

export type Fields = Readonly<Record<string, z.ZodType>>;

/** A field of a config: what it may be, what it is if nothing is said, and what it means. */
export function setting<T>(schema: z.ZodType<T>, fallback: T, description: string): z.ZodType<T> {
  return schema.default(fallback as never).describe(description);
}

/** Settings that belong together; where the group is missing, all of them have their defaults. */
export function group<T>(fields: Fields): z.ZodType<T> {
  return z.strictObject(fields).prefault({}) as unknown as z.ZodType<T>;
}

/** The name of what the group is about, such as the kind of a model. */
export function name(value: string, description: string): z.ZodType {
  return z.literal(value).default(value).describe(description);
}

export const whole = (least: number, most: number = Number.MAX_SAFE_INTEGER): z.ZodType<number> =>
  z.int().min(least).max(most);

export const share: () => z.ZodType<number> = () => z.number().min(0).max(1);

export const seedSetting = (fallback: number, description: string): z.ZodType<number> =>
  setting(whole(0), fallback, description);
