//! Answers that hold diagnostics and nothing else. Every ordinary failure is one; Terraform never sees a status.

use tfplugin6::v6;
use tfplugin6::v6::{
    call_function, close_ephemeral_resource, configure_provider, configure_state_store,
    delete_state, generate_resource_config, get_functions, get_metadata, get_provider_schema,
    get_resource_identity_schemas, get_states, import_resource_state, list_resource, lock_state,
    move_resource_state, open_ephemeral_resource, plan_action, read_data_source, read_state_bytes,
    renew_ephemeral_resource, unlock_state, upgrade_resource_identity, upgrade_resource_state,
    validate_action_config, validate_data_resource_config, validate_ephemeral_resource_config,
    validate_list_resource_config, validate_provider_config, validate_resource_config,
    validate_state_store, write_state_bytes,
};

use crate::diagnostics::Diagnostics;
use crate::wire;

/// An answer that can be diagnostics alone.
pub(super) trait Refusal: Sized {
    /// The answer of these diagnostics.
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self;

    /// The answer of these diagnostics.
    fn with(diags: Diagnostics) -> Self {
        Self::of(wire::diagnostics(diags))
    }
}

impl Refusal for get_metadata::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        get_metadata::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for get_provider_schema::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        get_provider_schema::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for get_resource_identity_schemas::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        get_resource_identity_schemas::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for get_functions::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        get_functions::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for validate_provider_config::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        validate_provider_config::Response { diagnostics }
    }
}

impl Refusal for configure_provider::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        configure_provider::Response { diagnostics }
    }
}

impl Refusal for validate_resource_config::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        validate_resource_config::Response { diagnostics }
    }
}

impl Refusal for upgrade_resource_state::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        upgrade_resource_state::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for upgrade_resource_identity::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        upgrade_resource_identity::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for import_resource_state::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        import_resource_state::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for validate_data_resource_config::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        validate_data_resource_config::Response { diagnostics }
    }
}

impl Refusal for read_data_source::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        read_data_source::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for validate_action_config::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        validate_action_config::Response { diagnostics }
    }
}

impl Refusal for plan_action::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        plan_action::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for move_resource_state::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        move_resource_state::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for generate_resource_config::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        generate_resource_config::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for validate_ephemeral_resource_config::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        validate_ephemeral_resource_config::Response { diagnostics }
    }
}

impl Refusal for open_ephemeral_resource::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        open_ephemeral_resource::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for renew_ephemeral_resource::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        renew_ephemeral_resource::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for close_ephemeral_resource::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        close_ephemeral_resource::Response { diagnostics }
    }
}

impl Refusal for validate_list_resource_config::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        validate_list_resource_config::Response { diagnostics }
    }
}

impl Refusal for validate_state_store::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        validate_state_store::Response { diagnostics }
    }
}

impl Refusal for configure_state_store::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        configure_state_store::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for lock_state::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        lock_state::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for unlock_state::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        unlock_state::Response { diagnostics }
    }
}

impl Refusal for get_states::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        get_states::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for delete_state::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        delete_state::Response { diagnostics }
    }
}

impl Refusal for write_state_bytes::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        write_state_bytes::Response { diagnostics }
    }
}

impl Refusal for read_state_bytes::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        read_state_bytes::Response {
            diagnostics,
            ..Default::default()
        }
    }
}

impl Refusal for list_resource::Event {
    fn of(diagnostic: Vec<v6::Diagnostic>) -> Self {
        list_resource::Event {
            diagnostic,
            ..Default::default()
        }
    }
}

impl Refusal for call_function::Response {
    fn of(diagnostics: Vec<v6::Diagnostic>) -> Self {
        let texts = diagnostics
            .into_iter()
            .map(|d| format!("{}: {}", d.summary, d.detail));
        let text = texts.collect::<Vec<_>>().join("\n");
        let error = v6::FunctionError {
            text,
            function_argument: None,
        };
        call_function::Response {
            result: None,
            error: Some(error),
        }
    }
}
