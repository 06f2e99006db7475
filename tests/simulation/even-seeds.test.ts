import { simulate } from './simulate.ts'

simulate('even')
