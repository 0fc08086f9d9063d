//! Expands a configuration: modules, resources, providers, regions, values.
