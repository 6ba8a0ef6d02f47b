// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: a file with holes needs no space, so that the size of single files is limited too.
const { truncateSync, writeFileSync } = require('fs');
process.on('SIGXFSZ', () => {});
writeFileSync('/tmp/sparse', '');
try {
  truncateSync('/tmp/sparse', 2 ** 40);
  console.log('made');
} catch (error) {
  console.log(error.code === 'EFBIG' ? 'contained' : error.code);
}
