# How it is run, and with what privilege: docs/containers.md
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY scripts scripts
COPY packaging packaging
COPY docs docs
ARG REVISION=unknown
RUN npm run build && echo "$REVISION" > dist/revision
# Bundled, as in the packages: it starts sooner and takes less memory.
RUN npx tsx packaging/lay-out-main.ts bundle

FROM node:24-bookworm-slim
ARG REVISION=unknown
LABEL org.opencontainers.image.title="lvs-exporter" \
      org.opencontainers.image.description="Prometheus exporter and alerting toolkit for Linux load balancers: LVS/IPVS with direct server return (DSR), netfilter conntrack and keepalived" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/lvs-exporter/lvs-exporter" \
      org.opencontainers.image.revision="$REVISION"
# A file system that hangs holds the threads that read from it: with these, the others go on.
# The others are for less memory: see docs/performance.md.
ENV NODE_ENV=production UV_THREADPOOL_SIZE=16 MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=65536 MALLOC_TRIM_THRESHOLD_=65536 NODE_OPTIONS=--max-semi-space-size=2
WORKDIR /opt/lvs-exporter
COPY LICENSE ./
COPY --from=build /src/bundle ./
RUN printf '#!/usr/bin/env node\nimport("/opt/lvs-exporter/dist/main.js");\n' >/usr/local/bin/lvs-exporter \
  && chmod 0755 /usr/local/bin/lvs-exporter
EXPOSE 10044
# Without privilege it serves all but the connection tracking table and the counters of IPVS services. Those take
# CAP_NET_ADMIN, which Docker gives to root alone: see docs/containers.md.
USER 65532:65532
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:10044/-/healthy').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["lvs-exporter"]
