import { locale, m } from '#texts'

/** A web address as people read it: host and path, without the scheme, `www.` and the query. */
export function whereWords(url: string): string {
  if (!URL.canParse(url)) return url
  const { host, pathname } = new URL(url)
  return `${host.replace(/^www\./, '')}${pathname === '/' ? '' : pathname}`
}

/** A language tag as a name: `de-AT` is `Austrian German`. Null if it says nothing. */
export function languageName(tag: string): string | null {
  try {
    return new Intl.DisplayNames(locale.tag, { type: 'language' }).of(tag) ?? null
  } catch {
    // The tag is what some browser said; it need not be one.
    return tag === '' ? null : tag
  }
}

/** How many other conversations the visitor has had. */
export function othersWords(count: number): string {
  return count === 0 ? m.contact_first() : m.contact_others_count({ count })
}
