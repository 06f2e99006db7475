import type { Language } from '#conversation/languages.ts'
import * as de from './compiled/messages/de.js'
import * as en from './compiled/messages/en.js'
import * as es from './compiled/messages/es.js'
import * as fr from './compiled/messages/fr.js'
import * as nl from './compiled/messages/nl.js'

/** Everything that a mail says by itself, in one language: the catalogue texts/mail, compiled. */
export type MailTexts = typeof en

export const MAIL_TEXTS: Record<Language, MailTexts> = { en, nl, de, fr, es }
