// Uploads a file with tus-js-client: node tus_upload.mjs ENDPOINT FILE CHUNK_SIZE
// Says on each line how much it has sent and how often it tried again; on the last one where the upload is.
import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import * as tus from 'tus-js-client'

const [endpoint, path, chunkSize] = process.argv.slice(2)
let retries = 0
let sent = 0

function tell(more) {
  process.stdout.write(`${JSON.stringify({ sent, retries, ...more })}\n`)
}

const upload = new tus.Upload(createReadStream(path), {
  endpoint,
  chunkSize: Number(chunkSize),
  uploadSize: statSync(path).size,
  retryDelays: Array(1000).fill(300),
  metadata: { filename: basename(path), filetype: 'video/mp4' },
  onShouldRetry() {
    retries += 1
    return true
  },
  onProgress(bytes) {
    sent = bytes
    tell({})
  },
  onSuccess() {
    tell({ url: upload.url })
  },
  onError(error) {
    console.error(String(error))
    process.exitCode = 1
  },
})
upload.start()
