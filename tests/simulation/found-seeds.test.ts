import { simulateFound } from './simulate.ts'

// What a seed plays changes with the code, so each of these has a test of its own where the mistake was; here they
// stay because they are the runs in which much comes together.
simulateFound({
  224: 'a conversation that a restore left without a message is in nobody’s list, and an agent’s message has to come back',
  519: 'what only a copy that is given up still held',
  1045: 'two tabs begin with the same empty database, one before an erasure and one after',
  1113: 'a tab that was cut off gives up a copy with the entries of a tab that has died since',
  1981: 'what only a copy that is given up still held',
  2111: 'what only a copy that is given up still held',
  4984: 'an intruder’s entry comes to the relay under the place of one that has not left its device yet',
})
