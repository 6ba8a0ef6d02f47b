# syntax=docker/dockerfile:1
# Two images from one build: `api` (Node and the compiled program) and `worker` (the same, with interpreters, compilers and
# the sandbox).
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY migrations migrations
COPY native native
COPY src src
RUN npm run build && npm prune --omit=dev
COPY toolbox toolbox
RUN cd toolbox && npm ci --ignore-scripts

FROM ${NODE_IMAGE} AS base
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps HOST=0.0.0.0
WORKDIR /app
# The uid is the same in both images, since they share the volume of submission files.
RUN groupadd --gid 10001 assay && useradd --uid 10001 --gid assay --no-create-home --shell /usr/sbin/nologin assay \
    && mkdir -p /var/lib/assay/files && chown -R assay:assay /var/lib/assay
COPY package.json ./
COPY docker/check-health.mjs docker/check-health.mjs
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
VOLUME /var/lib/assay/files
STOPSIGNAL SIGTERM

FROM base AS api
USER assay
EXPOSE 3000
CMD ["node", "dist/src/main.js"]

FROM base AS worker
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap python3 gcc g++ libc6-dev make openjdk-17-jdk-headless pycodestyle python3-pytest shellcheck tzdata \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /app/toolbox toolbox
# The worker starts as root of its container so that it may make cgroups and give every sandbox a uid of its own; no
# submitted program ever runs as uid 0 (docs/deployment.md).
EXPOSE 3001
CMD ["node", "dist/src/worker.js"]
