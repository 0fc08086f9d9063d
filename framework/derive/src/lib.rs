//! `#[derive(Model)]`: one Rust struct is both the model and the schema.
//!
//! The derive is deliberately thin: it turns each field into one expression of the schema builder and one read and
//! write. What an attribute can be is decided by the field's type and the builder's methods, so a mistake is an
//! ordinary compile error at the field.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, Field, Fields, LitStr, Meta, Token,
    parse_macro_input,
};

/// Derives `Model` for a struct whose fields are attributes (`#[attr(…)]`) and blocks (`#[block(…)]`).
///
/// Each word in the parentheses is a method of the schema builder: `required` becomes `.required()`,
/// `validate = expr` becomes `.validate(expr)`; `name = "x"` gives the attribute another name than the field.
/// The doc comment is the description; a field without one does not compile.
#[proc_macro_derive(Model, attributes(attr, block))]
pub fn model(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

struct Part {
    schema: TokenStream,
    read: TokenStream,
    write: TokenStream,
}

fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(
            input.span(),
            "a model is a struct with named fields",
        ));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new(
            input.span(),
            "a model is a struct with named fields",
        ));
    };
    let name = &input.ident;
    let description = description(&input.attrs, input)?;
    let parts: Vec<Part> = fields.named.iter().map(part).collect::<syn::Result<_>>()?;
    let (schema, read, write) = (
        parts.iter().map(|p| &p.schema),
        parts.iter().map(|p| &p.read),
        parts.iter().map(|p| &p.write),
    );
    Ok(quote! {
        impl ::terraform_framework::Model for #name {
            fn block() -> ::terraform_framework::schema::Block {
                ::terraform_framework::schema::Block::new(#description)#(#schema)*
            }

            fn read(object: &::terraform_framework::model::Source<'_>) -> ::std::result::Result<Self, ::terraform_framework::cty::PathError> {
                ::std::result::Result::Ok(Self { #(#read)* })
            }

            fn write(&self) -> ::terraform_framework::cty::Value {
                ::terraform_framework::cty::Value::object::<&str>([#(#write)*])
            }
        }
    })
}

fn part(field: &Field) -> syn::Result<Part> {
    let ident = field
        .ident
        .as_ref()
        .ok_or_else(|| Error::new(field.span(), "a field needs a name"))?;
    let description = description(&field.attrs, field)?;
    let (attribute, kind) = field
        .attrs
        .iter()
        .find_map(|a| {
            if a.path().is_ident("attr") {
                Some((a, true))
            } else {
                a.path().is_ident("block").then_some((a, false))
            }
        })
        .ok_or_else(|| {
            Error::new(
                field.span(),
                "say what it is: #[attr(…)] for an attribute, #[block] for a nested block",
            )
        })?;
    let mut name = LitStr::new(&ident.to_string(), ident.span());
    let mut calls = TokenStream::new();
    if !matches!(attribute.meta, Meta::Path(_)) {
        for meta in attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)? {
            let span = meta.span();
            match meta {
                Meta::NameValue(pair) if pair.path.is_ident("name") => name = literal(&pair.value)?,
                Meta::NameValue(pair) => {
                    let (method, value) = (&pair.path, &pair.value);
                    calls.extend(quote_spanned!(span=> .#method(#value)));
                }
                Meta::Path(method) => calls.extend(quote_spanned!(span=> .#method())),
                Meta::List(list) => {
                    let (method, arguments) = (&list.path, &list.tokens);
                    calls.extend(quote_spanned!(span=> .#method(#arguments)));
                }
            }
        }
    }
    let ty = &field.ty;
    let (add, maker, reader) = if kind {
        (quote!(attribute), quote!(Attribute), quote!(attribute))
    } else {
        (quote!(nested), quote!(NestedBlock), quote!(nested))
    };
    let part = if kind {
        quote!(Field)
    } else {
        quote!(BlockField)
    };
    Ok(Part {
        schema: quote_spanned!(ty.span()=> .#add(::terraform_framework::schema::#maker::of::<#ty>(#name, #description) #calls)),
        read: quote_spanned!(ty.span()=> #ident: object.#reader(#name)?,),
        write: quote_spanned!(ty.span()=> (#name, ::terraform_framework::model::#part::write(&self.#ident)),),
    })
}

fn literal(expr: &Expr) -> syn::Result<LitStr> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            syn::Lit::Str(text) => Ok(text.clone()),
            other => Err(Error::new(other.span(), "expected a string")),
        },
        other => Err(Error::new(other.span(), "expected a string")),
    }
}

/// The doc comment, one line a line; markdown.
fn description(attrs: &[Attribute], at: &impl Spanned) -> syn::Result<String> {
    let mut lines = Vec::new();
    for attribute in attrs.iter().filter(|a| a.path().is_ident("doc")) {
        if let Meta::NameValue(pair) = &attribute.meta {
            lines.push(literal(&pair.value)?.value().trim().to_owned());
        }
    }
    let text = lines.join("\n").trim().to_owned();
    if text.is_empty() {
        return Err(Error::new(
            at.span(),
            "write a doc comment: it is the description that users read",
        ));
    }
    Ok(text)
}
