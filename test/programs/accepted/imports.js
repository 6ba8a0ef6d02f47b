// Verdict: accepted
// Outcome: exited 0
// Stdin: "3\n"
// Stdout: "27 true\n"
// Files: {"package.json": "{\"type\": \"module\"}", "cube.js": "export const cube = (n) => n ** 3;\n"}
// Why: modules of the standard, with waiting at the top level.
import { text } from 'node:stream/consumers';
import { cube } from './cube.js';

const n = Number(await text(process.stdin));
console.log(cube(n), import.meta.url.endsWith('/main.js'));
