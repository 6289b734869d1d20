/// Why a format has no form for a layer as it is set; the exporter adds which layer.
struct Inexpressible: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
