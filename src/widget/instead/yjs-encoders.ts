/**
 * In place of Yjs' utils/UpdateEncoder.js in the widget's build: of its two encodings the wire and the disk speak the
 * first. Yjs itself uses the second one where it keeps what it cannot apply yet, and reads it again with
 * yjs-decoders.ts: either will do for that, as long as both are the same.
 */
export {
  DSEncoderV1,
  DSEncoderV1 as DSEncoderV2,
  UpdateEncoderV1,
  UpdateEncoderV1 as UpdateEncoderV2,
  // @ts-expect-error -- its sources come without types
} from '../../../node_modules/yjs/src/utils/UpdateEncoder.js'
