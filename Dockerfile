# verify4k with ExifTool and git: docker build -t verify4k . && docker run --rm -v "$PWD:/work:ro" verify4k check
# The digest of the base image is written by dependabot; until then the tag is what is tested.
FROM python:3.12-slim AS build
COPY . /src
# the dependencies are those of the action: locked by hash, wheels only
RUN python -m venv /opt/verify4k \
    && /opt/verify4k/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /src/action/requirements.txt \
    && /opt/verify4k/bin/pip install --no-cache-dir --no-deps /src

FROM python:3.12-slim
RUN apt-get update \
    && apt-get install -qy --no-install-recommends git libimage-exiftool-perl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 verify4k
COPY --from=build /opt/verify4k /opt/verify4k
# a checkout that is mounted belongs to somebody else: git is told that this is meant
ENV PATH=/opt/verify4k/bin:$PATH GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=*
USER verify4k
WORKDIR /work
ENTRYPOINT ["verify4k"]
CMD ["check"]
