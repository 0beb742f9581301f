# Tillid in one small image: the service and nothing of the demo or the tests.
#
#   docker build -t tillid .
#   docker run -d --name tillid --env-file .env -v tillid:/data --stop-timeout 60 tillid

FROM python:3.11-slim AS builder
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src

# The tools that build our package come from the lock file too, by hash. Nothing of /build goes further.
COPY requirements.lock requirements-run.lock ./
RUN python -m venv /build \
    && /build/bin/pip install --require-hashes -r requirements.lock
# What the program needs to run, and no pip beside it.
RUN python -m venv --without-pip /opt/tillid \
    && /build/bin/pip --python /opt/tillid/bin/python install --require-hashes -r requirements-run.lock

COPY pyproject.toml README.md ./
COPY bot bot
COPY storage storage
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /build/bin/pip --python /opt/tillid/bin/python install --no-deps --no-index /wheels/*.whl


FROM python:3.11-slim
RUN groupadd --gid 10001 tillid \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin tillid \
    && install --directory --owner=10001 --group=10001 /data
COPY --from=builder /opt/tillid /opt/tillid

ENV PATH=/opt/tillid/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/tillid.db \
    TILLID_HTTP_PORT=8080
WORKDIR /data
VOLUME /data
EXPOSE 8080
USER 10001:10001

# 503, and so an error here, when the clock has not ticked for two minutes.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['TILLID_HTTP_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["tillid"]
CMD ["run"]
