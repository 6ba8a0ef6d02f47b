// Verdict: accepted
// Outcome: exited 0
// Stdout: "0,1,1,2,3,5,8,13,21,34\n"
// Why: generators, spread and destructuring.
function* fibonacci() {
  let [a, b] = [0, 1];
  for (;;) {
    yield a;
    [a, b] = [b, a + b];
  }
}
const numbers = fibonacci();
console.log([...Array(10)].map(() => numbers.next().value).join());
