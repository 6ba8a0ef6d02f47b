/**
 * Points and percentages have at most three decimals and are added as whole thousandths, so that 0.1 + 0.2 is 0.3.
 */

/** `value` in whole thousandths, rounded to the nearest. */
export function toThousandths(value: number): number {
  return Math.round(value * 1000);
}

/** The number that `thousandths` stand for: the double nearest to it, which prints with at most three decimals. */
export function fromThousandths(thousandths: number): number {
  return thousandths / 1000;
}

/** True when `value` is written with at most three decimals, such as 0.125, and not 0.1255. */
export function hasAtMostThreeDecimals(value: number): boolean {
  return fromThousandths(toThousandths(value)) === value;
}

/**
 * `value` × `numerator` / `denominator`, rounded to the nearest whole number, halves up; exact where the product would
 * not fit a double. All are whole, `denominator` is above 0, the others at least 0.
 */
export function scale(value: number, numerator: number, denominator: number): number {
  const divisor = BigInt(denominator);
  return Number((2n * BigInt(value) * BigInt(numerator) + divisor) / (2n * divisor));
}
