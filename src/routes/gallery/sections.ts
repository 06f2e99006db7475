import type { Component } from 'svelte'
import Buttons from './sections/Buttons.svelte'
import Comments from './sections/Comments.svelte'
import ComposerStates from './sections/ComposerStates.svelte'
import ConnectionStates from './sections/ConnectionStates.svelte'
import Contact from './sections/Contact.svelte'
import Details from './sections/Details.svelte'
import Dialogs from './sections/Dialogs.svelte'
import EmptyAndLoading from './sections/EmptyAndLoading.svelte'
import Events from './sections/Events.svelte'
import Faces from './sections/Faces.svelte'
import Fields from './sections/Fields.svelte'
import Lines from './sections/Lines.svelte'
import Lists from './sections/Lists.svelte'
import Menus from './sections/Menus.svelte'
import Messages from './sections/Messages.svelte'
import Notices from './sections/Notices.svelte'
import SmallThings from './sections/SmallThings.svelte'
import ThreadHeaders from './sections/ThreadHeaders.svelte'
import ThreadStates from './sections/ThreadStates.svelte'

/**
 * The gallery from top to bottom: first what knows nothing of chat (src/lib/ui; a test sees to it that all of it is
 * here), then the features. To add something, make a file in sections/ and add a line.
 */
export const SECTIONS: readonly { title: string; component: Component }[] = [
  { title: 'Faces', component: Faces },
  { title: 'Buttons', component: Buttons },
  { title: 'Small things', component: SmallThings },
  { title: 'Fields', component: Fields },
  { title: 'Details', component: Details },
  { title: 'Menus', component: Menus },
  { title: 'Dialogs', component: Dialogs },
  { title: 'Notices', component: Notices },
  { title: 'Empty and loading', component: EmptyAndLoading },
  { title: 'Lines of the list', component: Lines },
  { title: 'Lists', component: Lists },
  { title: 'Thread header', component: ThreadHeaders },
  { title: 'Messages', component: Messages },
  { title: 'Comments and dividers', component: Comments },
  { title: 'Events', component: Events },
  { title: 'Thread states', component: ThreadStates },
  { title: 'Composer', component: ComposerStates },
  { title: 'Connection', component: ConnectionStates },
  { title: 'Contact', component: Contact },
]

/** The anchor of a section. */
export function slug(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-')
}
