/** Types for the tests; what it does stands in `random.mjs`. */
export function randomFrom(seed: number): () => number;
