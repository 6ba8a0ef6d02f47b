// Verdict: wrong_answer
// Outcome: exited 0
// Answer: "3\n"
// Why: halves of characters, and what a browser might run.
process.stdout.write(Buffer.concat([Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('<script>alert(1)</script>\r\nSet-Cookie: x=1')]));
