import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { IfPresent } from '../../../src/http/if-present.decorator.js';
import { DtoValidationPipe } from '../../../src/http/validation.pipe.js';

class PartDto {
  @IsInt()
  count: number;
}

class WholeDto {
  @IsString()
  name: string;

  @IfPresent()
  @IsString()
  note?: string;

  @IfPresent()
  @ValidateNested({ each: true })
  @Type(() => PartDto)
  parts?: PartDto[];
}

const pipe = new DtoValidationPipe();
const check = (value: unknown, type: 'body' | 'query' = 'body'): Promise<unknown> =>
  pipe.transform(value, { type, metatype: WholeDto });

async function pathsOf(value: unknown, type?: 'body' | 'query'): Promise<string[]> {
  const error: unknown = await check(value, type).catch((one: unknown) => one);
  return ((error as { errors?: readonly { path: string }[] }).errors ?? []).map((one) => one.path);
}

describe('the validation of bodies and queries', () => {
  it('gives what was sent as an instance of its class', async () => {
    const whole = await check({ name: 'x', parts: [{ count: 1 }] });
    expect(whole).toBeInstanceOf(WholeDto);
    expect(whole).toEqual({ name: 'x', parts: [{ count: 1 }] });
  });

  it('names each fault by a JSON Pointer', async () => {
    expect(await pathsOf({ name: 1, parts: [{ count: 1 }, { count: 'x' }] })).toEqual(['/name', '/parts/1/count']);
    expect(await pathsOf({ name: 'x', 'a/b~c': 1 })).toEqual(['/a~1b~0c']);
    expect(await pathsOf({ name: 'x', parts: [{ count: 1, extra: 1 }] })).toEqual(['/parts/0/extra']);
  });

  it('names faults of a query by their parameter', async () => {
    expect(await pathsOf({ sort: 'x' }, 'query')).toEqual(['sort', 'name']);
    expect(await pathsOf({ name: 'x', constructor: 'y' }, 'query')).toEqual(['constructor']);
  });

  it('takes what may be left out, but not null in its place', async () => {
    expect(await check({ name: 'x' })).toEqual({ name: 'x' });
    expect(await pathsOf({ name: 'x', note: null })).toEqual(['/note']);
  });

  it.each([null, [], 'text', 7, true])('wants an object, not %j', async (body) => {
    expect(await pathsOf(body)).toEqual(['']);
  });

  it('names at most 50 faults', async () => {
    const body = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, 1]));
    expect(await pathsOf(body)).toHaveLength(50);
  });
});
