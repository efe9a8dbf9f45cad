# Three images from one build:
#   docker build --target coordinator -t tessera-coordinator .
#   docker build --target worker      -t tessera-worker .
#   docker build --target simulator   -t tessera-simulator .
# The Swift runtime is linked in; the C libraries are Debian's. The worker's image has what validation columns of code are
# checked with: ruff and sqlfluff, of PyPI.

FROM swift:6.3-bookworm AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libcurl4-openssl-dev libpq-dev librabbitmq-dev libssl-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# Apart, so that a change of the sources does not fetch the packages again.
COPY Package.swift ./
RUN swift package resolve
COPY Sources Sources
COPY Tests Tests
RUN for product in coordinator worker inference-simulator; do \
        swift build -c release --static-swift-stdlib --product "$product"; \
    done \
    && bin=$(swift build -c release --static-swift-stdlib --show-bin-path) \
    && mkdir /out \
    && cp "$bin/coordinator" "$bin/worker" "$bin/inference-simulator" /out/ \
    && strip /out/* \
    && find "$bin" -maxdepth 1 -name '*.resources' -exec cp -r {} /out/ ';'

FROM debian:12-slim AS runtime
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libcurl4 libpq5 librabbitmq4 libssl3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin tessera
ENV SWIFT_BACKTRACE=enable=no
USER 10001:10001
WORKDIR /

FROM runtime AS coordinator
COPY --from=build /out/ /usr/local/lib/tessera/
ENTRYPOINT ["/usr/local/lib/tessera/coordinator"]
CMD ["serve"]

# In the versions that Tessera is tested with, which that script alone knows.
FROM debian:12-slim AS tools
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY scripts/install-tools /source/scripts/install-tools
RUN TESSERA_TOOLS=/opt/tessera-tools /source/scripts/install-tools

FROM runtime AS worker
USER root
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/*
USER 10001:10001
# Under the same path: a virtual environment knows where it is.
COPY --from=tools /opt/tessera-tools /opt/tessera-tools
ENV PATH=/opt/tessera-tools/bin:$PATH
COPY --from=build /out/ /usr/local/lib/tessera/
ENTRYPOINT ["/usr/local/lib/tessera/worker"]
CMD ["run", "--providers", "/etc/tessera/providers.yaml"]

FROM runtime AS simulator
COPY --from=build /out/ /usr/local/lib/tessera/
ENTRYPOINT ["/usr/local/lib/tessera/inference-simulator"]
CMD ["--host", "0.0.0.0", "--port", "8000"]
EXPOSE 8000
