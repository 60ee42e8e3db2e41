FROM node:24-bookworm-slim

WORKDIR /app
# The dependencies change less often than the code: their layer is kept between builds.
COPY package.json package-lock.json .npmrc prisma.config.ts ./
COPY prisma ./prisma
RUN npm ci --omit=dev && npm cache clean --force
COPY src ./src
COPY samples ./samples
COPY operations ./operations

# The data folder belongs to the user that the process runs as, also when a volume is mounted over it.
RUN mkdir -p /data/inbox && chown -R node:node /data
USER node
VOLUME /data
ENV CAIRN_DATA_DIR=/data HOST=0.0.0.0 PORT=4000
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, which does not pass on every signal: SIGTERM must reach the process that closes the database.
CMD ["node", "src/main.ts", "serve"]
