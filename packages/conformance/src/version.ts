/** Version of this package; a test keeps it equal to the one of package.json. */
export const KIT_VERSION = '0.1.0'
