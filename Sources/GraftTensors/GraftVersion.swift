/// The version of this toolkit, as `graft --version` prints it.
public let graftVersion = "0.1.0"
