/**
 * In place of lib0/broadcastchannel in the widget's build: y-websocket imports it, and every provider of ours has it
 * switched off (`disableBc` in src/sync/copy.ts), since its channel knows no principal.
 */
const off = (): never => {
  throw new Error('The providers of the widget use no BroadcastChannel')
}
export const subscribe = off
export const unsubscribe = off
export const publish = off
