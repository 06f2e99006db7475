import { simulate } from './simulate.ts'

simulate('odd')
