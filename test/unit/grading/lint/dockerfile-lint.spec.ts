import { describe, expect, it } from 'vitest';
import { dockerfileFindings } from '../../../../src/grading/lint/dockerfile-lint.js';

const TIDY = `# syntax=docker/dockerfile:1
ARG VERSION=24-slim
FROM node:\${VERSION} AS build
RUN apt-get update && apt-get install -y --no-install-recommends \\
    # for node-gyp
    python3 \\

    make \\
    && rm -rf /var/lib/apt/lists/*
COPY . /app
USER node
FROM build
ENTRYPOINT ["node"]
CMD ["app.js"]
`;

const rules = (text: string): string[] =>
  dockerfileFindings('Dockerfile', text).map(({ rule, line }) => `${line ?? '-'} ${rule}`);
const tidyBut = (line: string): string[] => rules(`FROM node:24\n${line}\nUSER node\n`);

describe('dockerfileFindings', () => {
  it('finds nothing in a Dockerfile that is in order', () => {
    expect(rules(TIDY)).toEqual([]);
    expect(rules(TIDY.replaceAll('\n', '\r\n'))).toEqual([]);
  });

  it.each([
    ['FROM node', ['1 base-tag']],
    ['FROM node:latest', ['1 base-tag']],
    ['FROM localhost:5000/node', ['1 base-tag']],
    ['FROM --platform=linux/amd64 node', ['1 base-tag']],
    [`FROM node@sha256:${'a'.repeat(64)}`, []],
    ['FROM scratch', []],
    ['ARG IMAGE=node\nFROM $IMAGE', ['2 base-tag']],
    ['ARG IMAGE\nFROM $IMAGE', []],
    ['FROM ${IMAGE:-node:1}', []],
  ])('looks at the image of %s', (from, expected) => {
    expect(rules(`${from}\nUSER 1000\n`)).toEqual(expected);
  });

  it.each([
    ['', ['1 root-user']],
    ['USER root', ['1 root-user']],
    ['USER 0:0', ['1 root-user']],
    ['USER node\nUSER root', ['1 root-user']],
    ['USER node', []],
    ['USER node\nFROM node:24', ['3 root-user']],
    ['USER 1\nFROM node:24 AS b\nFROM node:24\nUSER 1', []],
  ])('looks whom %j ends as', (lines, expected) => {
    expect(rules(`FROM node:24\n${lines}\n`)).toEqual(expected);
  });

  it.each([
    ['ADD https://example.test/a.tgz /a', ['2 add-url']],
    ['ADD ["https://example.test/a", "/a"]', ['2 add-url']],
    ['ADD git@github.test:a/b.git /a', ['2 add-url']],
    ['ADD a.tgz /a', []],
    ['CMD node app.js', ['2 exec-form']],
    ["CMD ['node']", ['2 exec-form']],
    ['cmd ["node"]', []],
    ['ENTRYPOINT exec node', ['2 exec-form']],
    ['RUN apt-get update && apt-get install -y curl', ['2 apt-lists']],
    ['RUN apt-get install curl && rm -rf /var/lib/apt/lists/*', ['2 apt-yes']],
    ['RUN --mount=type=cache,target=/var/lib/apt apt-get -qy install curl', []],
    ['RUN apt-get install -qqy curl && rm -r /var/lib/apt/lists', []],
    ['RUN <<EOF\napt-get install -y curl\nEOF', ['2 apt-lists']],
    ['RUN <<-"EOF"\nFROM nothing\n\tEOF', []],
    ['INSTALL curl', ['2 unknown-instruction']],
    ['RUN echo \\\n# a remark\n  CMD', []],
    ['???', ['2 unknown-instruction']],
  ])('looks at %j', (line, expected) => {
    expect(tidyBut(line)).toEqual(expected);
  });

  it('continues lines by the sign that the directive names', () => {
    expect(rules('# escape=`\nFROM node:24\nRUN a `\n  b\nCMD ["c:\\\\"]\nUSER x\n')).toEqual([]);
  });

  it.each(['', '# only a remark\n', 'RUN echo\nFROM node:24\n'])('cannot check %j', (text) => {
    expect(dockerfileFindings('Dockerfile', text)).toMatchObject([{ rule: 'syntax-error', isUnchecked: true }]);
  });

  it('ends soon with what was made to hurt', () => {
    const hostile = `FROM a:1\n${`RUN ${'<<A '.repeat(2_000)}\n`.repeat(20)}RUN ${'apt-get '.repeat(20_000)}install`;
    expect(dockerfileFindings('Dockerfile', hostile).length).toBeGreaterThan(0);
  });
});
