import type { Person } from '#conversation/names.ts'
import type { Principal } from '#conversation/ids.ts'
import type { AgentRow } from '#conversation/rows.ts'
import type { Device, InboxRows } from '#sync/port.ts'
import { locale } from '#texts'
import { createSubscriber } from 'svelte/reactivity'
import { nameOfVisitor, personSeen } from './names.ts'
import { sortIntoViews, type Line, type View } from './views.ts'

/** The inbox's rows, for components. */
export class InboxState {
  readonly me: Principal
  readonly #device: Device
  readonly #subscribe: () => void
  readonly #views = $derived.by(() => sortIntoViews(this.rows.conversations, this.me))

  constructor(device: Device) {
    this.#device = device
    this.me = device.principal
    this.#subscribe = createSubscriber((update) => device.subscribeInbox(update))
  }

  get rows(): InboxRows {
    this.#subscribe()
    return this.#device.inbox
  }

  /** The lines of each view, newest first. */
  get views(): Record<View, Line[]> {
    return this.#views
  }

  /** Visitor messages in open conversations that nobody else has, or that are mine: what the tab's title counts. */
  get unread(): number {
    const { mine, unassigned } = this.#views
    return [...mine, ...unassigned].reduce((sum, line) => sum + line.unread, 0)
  }

  /** A conversation's line, or null if the device has none. */
  line(conversation: string): Line | null {
    return this.rows.conversations.find((line) => line.id === conversation) ?? null
  }

  /** The same visitor's other conversations, newest first. */
  othersOf(visitor: Principal, conversation: string): Line[] {
    return this.rows.conversations.filter((line) => line.summary.visitor === visitor && line.id !== conversation)
  }

  /** Who works here, by name. */
  get team(): AgentRow[] {
    return [...this.rows.agents.values()]
      .filter((agent) => agent.active)
      .sort((a, b) => a.name.localeCompare(b.name, locale.tag))
  }

  /** Who a principal is, in a conversation whose visitor is called `visitor`. */
  person(principal: Principal, visitor: string): Person {
    return personSeen(principal, { me: this.me, agents: this.rows.agents, visitor })
  }

  /** Who a principal is, on a line of the list. */
  personOn(line: Line, principal: Principal): Person {
    return this.person(principal, nameOfVisitor(line.summary.visitor, line.summary))
  }
}
