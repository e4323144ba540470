export { france, holidaysOfFrance } from './france.js'
export { isPreset, type PresetName, presets } from './presets.js'
export {
  FLORIDA_AREA_CODES,
  florida,
  OKLAHOMA_AREA_CODES,
  oklahoma,
  regulationF,
  unitedStates,
} from './united-states.js'
