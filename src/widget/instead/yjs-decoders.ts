/** In place of Yjs' utils/UpdateDecoder.js in the widget's build; yjs-encoders.ts says why. */
export {
  DSDecoderV1,
  DSDecoderV1 as DSDecoderV2,
  UpdateDecoderV1,
  UpdateDecoderV1 as UpdateDecoderV2,
  // @ts-expect-error -- its sources come without types
} from '../../../node_modules/yjs/src/utils/UpdateDecoder.js'
