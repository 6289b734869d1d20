// One import for users: every public type of the toolkit.
@_exported import GraftAdvice
@_exported import GraftArchitectures
@_exported import GraftCatalogue
@_exported import GraftEngine
@_exported import GraftExport
@_exported import GraftFeatures
@_exported import GraftFormats
@_exported import GraftGraph
@_exported import GraftImages
@_exported import GraftImport
@_exported import GraftLearning
@_exported import GraftPlanning
@_exported import GraftReports
@_exported import GraftTensors
@_exported import GraftTraining
