/** A short word about something that was just done, or failed. */
export interface Toast {
  id: number
  text: string
  tone: 'plain' | 'danger'
}

const SHOWN_FOR = 4000

class Toasts {
  #next = 0
  #list = $state.raw<Toast[]>([])

  get list(): Toast[] {
    return this.#list
  }

  /** Shows a line for four seconds. It is read out politely; errors that need an answer belong where they happened. */
  show(text: string, tone: Toast['tone'] = 'plain'): void {
    const toast = { id: this.#next++, text, tone }
    this.#list = [...this.#list.slice(-2), toast]
    setTimeout(() => this.dismiss(toast.id), SHOWN_FOR)
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id)
  }
}

export const toasts = new Toasts()
