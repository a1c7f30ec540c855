"""Errors of IAM, with AWS's messages."""

from __future__ import annotations

from mocksls._kernel.errors import AwsError


def no_such(kind: str, name: str) -> AwsError:
    """There is no user, role or access key of that name."""
    return AwsError("NoSuchEntityException", f"The {kind} with name {name} cannot be found.")


def no_access_key(key: str) -> AwsError:
    """There is no such access key."""
    return AwsError("NoSuchEntityException", f"The Access Key with id {key} cannot be found.")


def no_inline_policy(kind: str, name: str) -> AwsError:
    """The user or role has no inline policy of that name."""
    return AwsError("NoSuchEntityException", f"The {kind} policy with name {name} cannot be found.")


def no_policy(arn: str) -> AwsError:
    """There is no managed policy of that ARN."""
    return AwsError("NoSuchEntityException", f"Policy {arn} was not found.")


def not_attachable(arn: str) -> AwsError:
    """A policy that is to be attached does not exist."""
    return AwsError("NoSuchEntityException", f"Policy {arn} does not exist or is not attachable.")


def not_attached(arn: str) -> AwsError:
    """A policy that is to be detached is not attached."""
    return AwsError("NoSuchEntityException", f"Policy {arn} was not found.")


def exists(kind: str, name: str) -> AwsError:
    """The name is taken."""
    return AwsError("EntityAlreadyExistsException", f"{kind} with name {name} already exists.")


def policy_exists(name: str) -> AwsError:
    """The name of a managed policy is taken."""
    text = f"A policy called {name} already exists. Duplicate names are not allowed."
    return AwsError("EntityAlreadyExistsException", text)


def delete_conflict(what: str) -> AwsError:
    """Something still hangs on what is to be deleted."""
    return AwsError("DeleteConflictException", f"Cannot delete entity, must {what} first.")


def policy_in_use() -> AwsError:
    """A managed policy is still attached."""
    return AwsError("DeleteConflictException", "Cannot delete a policy attached to entities.")


def no_boundary(kind: str, name: str) -> AwsError:
    """The user or role has no boundary."""
    return AwsError("NoSuchEntityException", f"The {kind} {name} does not have a permissions boundary.")


def bad_boundary(arn: str) -> AwsError:
    """What is to be a boundary is no ARN of a policy."""
    text = f"Value ({arn}) for parameter PermissionsBoundary is invalid."
    return AwsError("InvalidParameterValue", text, status=400)


def no_boundary_policy(arn: str) -> AwsError:
    """A policy that is to be a boundary does not exist."""
    return AwsError("NoSuchEntityException", f"Scope ARN: {arn} does not exist or is not attachable.")


def malformed(problem: str) -> AwsError:
    """A policy document is no policy."""
    return AwsError("MalformedPolicyDocumentException", problem)


def protected(role: str) -> AwsError:
    """The role is a service's own."""
    text = f"Cannot perform the operation on the protected role '{role}' - this role is only modifiable by AWS"
    return AwsError("UnmodifiableEntityException", text)


def too_many_keys() -> AwsError:
    """A user has two access keys already."""
    return AwsError("LimitExceededException", "Cannot exceed quota for AccessKeysPerUser: 2")


def no_arn() -> AwsError:
    """What should be an ARN is none."""
    return AwsError("ValidationError", "Invalid ARN:  Could not be parsed!", status=400)


def invalid_input(text: str) -> AwsError:
    """An input that cannot be used."""
    return AwsError("InvalidInputException", text)


def duplicate_tags() -> AwsError:
    """Two tags have the same key."""
    return invalid_input("Duplicate tag keys found. Please note that Tag keys are case insensitive.")


def too_many_tags() -> AwsError:
    """There would be more than fifty tags."""
    text = "The number of tags has reached the maximum limit."
    return AwsError("LimitExceededException", text)


def not_in_group(user: str, group: str) -> AwsError:
    """A user who is to leave a group is not in it."""
    return AwsError("NoSuchEntityException", f"User {user} not in group {group}")


def too_many_versions() -> AwsError:
    """A policy has five versions already."""
    text = (
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing "
        "version."
    )
    return AwsError("LimitExceededException", text)


def default_version() -> AwsError:
    """The version in force cannot be deleted."""
    return AwsError("DeleteConflictException", "Cannot delete the default version of a policy.")


def no_version(arn: str, version: str) -> AwsError:
    """The policy has no such version."""
    text = f"Policy {arn} version {version} does not exist or is not attachable."
    return AwsError("NoSuchEntityException", text)


def has_versions() -> AwsError:
    """A policy with further versions cannot be deleted."""
    text = (
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
        "The default version is deleted with the policy."
    )
    return AwsError("DeleteConflictException", text)


def profile_exists(name: str) -> AwsError:
    """The name of an instance profile is taken."""
    return AwsError("EntityAlreadyExistsException", f"Instance Profile {name} already exists.")


def no_profile(name: str) -> AwsError:
    """There is no such instance profile."""
    return AwsError("NoSuchEntityException", f"Instance Profile {name} cannot be found.")


def too_many_roles() -> AwsError:
    """An instance profile holds one role."""
    text = "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"
    return AwsError("LimitExceededException", text)


def has_login(name: str) -> AwsError:
    """The user has a password already."""
    return AwsError("EntityAlreadyExistsException", f"Login Profile for user {name} already exists.")


def no_login(name: str) -> AwsError:
    """The user has no password."""
    return AwsError("NoSuchEntityException", f"Login Profile for User {name} cannot be found.")


def wrong_password() -> AwsError:
    """The old password is another one."""
    return AwsError("AccessDenied", "The old password was incorrect.", status=403)


def weak_password(text: str) -> AwsError:
    """A password breaks the account's policy."""
    return AwsError("PasswordPolicyViolationException", text)


def no_alias(alias: str) -> AwsError:
    """The account has no such alias."""
    return AwsError("NoSuchEntityException", f"The account alias {alias} cannot be found.")


def no_password_policy(account_id: str) -> AwsError:
    """The account has no password policy."""
    text = f"The Password Policy with domain name {account_id} cannot be found."
    return AwsError("NoSuchEntityException", text)


def no_account_policy() -> AwsError:
    """There is no password policy to delete."""
    return AwsError("NoSuchEntityException", "The account policy with name PasswordPolicy cannot be found.")


def bad_provider_url() -> AwsError:
    """The URL of a provider is none."""
    return AwsError("ValidationError", "Invalid Open ID Connect Provider URL", status=400)


def too_many_thumbprints() -> AwsError:
    """A provider has at most five thumbprints."""
    return invalid_input("Thumbprint list must contain fewer than 5 entries.")


def too_many_clients() -> AwsError:
    """A provider has at most a hundred client ids."""
    text = "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100"
    return AwsError("LimitExceededException", text)


def provider_exists(arn: str) -> AwsError:
    """There is a provider of that URL."""
    url = arn.partition("oidc-provider/")[2]
    return AwsError("EntityAlreadyExistsException", f"Provider with url https://{url} already exists.")


def no_open_id(arn: str) -> AwsError:
    """There is no such provider."""
    return AwsError("NoSuchEntityException", f"OpenIDConnect Provider not found for arn {arn}")


def no_saml(arn: str) -> AwsError:
    """There is no such provider."""
    return AwsError("NoSuchEntityException", f"SAMLProvider {arn} not found.")


def no_suffix(service: str) -> AwsError:
    """The role of a service has one name only."""
    return invalid_input(f"Custom suffix is not allowed for {service}")


def service_role_taken(name: str) -> AwsError:
    """The role of a service exists already."""
    text = f"Service role name {name} has been taken in this account, please try a different suffix."
    return invalid_input(text)


def no_deletion(task: str) -> AwsError:
    """There is no such deletion."""
    return AwsError("NoSuchEntityException", f"Deletion task {task} cannot be found.")


def no_source(arn: str) -> AwsError:
    """The policy source of a simulation does not exist."""
    return AwsError("NoSuchEntityException", f"Entity {arn} cannot be found.")


def no_such_service(service: str) -> AwsError:
    """A service has no credentials of its own."""
    text = f"No such service {service} is supported for Service Specific Credentials"
    return AwsError("NoSuchEntityException", text)


def no_credential(credential_id: str) -> AwsError:
    """There is no such service-specific credential."""
    return AwsError("NoSuchEntityException", f"No such credential {credential_id} exists")


def too_many_service_credentials() -> AwsError:
    """A user has two credentials of a service already."""
    text = "Cannot exceed quota for ServiceSpecificCredentialsPerUser: 2"
    return AwsError("LimitExceededException", text)


def no_ssh_key(key_id: str) -> AwsError:
    """There is no such key."""
    return AwsError("NoSuchEntityException", f"The Public Key with id {key_id} cannot be found.")


def duplicate_ssh_key() -> AwsError:
    """The user has that key already."""
    return AwsError("DuplicateSSHPublicKeyException", "The SSH public key is already associated with the user.")


def too_many_ssh_keys() -> AwsError:
    """A user has five keys already."""
    return AwsError("LimitExceededException", "Cannot exceed quota for SSHPublicKeysPerUser: 5")


def bad_path() -> AwsError:
    """A path does not begin and end with a slash."""
    text = (
        "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric "
        "characters and/or / characters."
    )
    return AwsError("ValidationError", text, status=400)


def device_exists() -> AwsError:
    """The name of a device is taken."""
    text = "MFADevice entity at the same path and name already exists."
    return AwsError("EntityAlreadyExistsException", text)


def no_device(serial: str) -> AwsError:
    """There is no such device."""
    return AwsError("NoSuchEntityException", f"VirtualMFADevice with serial number {serial} doesn't exist.")


def device_in_use() -> AwsError:
    """A user still has the device."""
    return AwsError("DeleteConflictException", "MFA VirtualDevice in use. Must deactivate first.")


def device_assigned(serial: str) -> AwsError:
    """The device is a user's already."""
    return AwsError("EntityAlreadyExistsException", f"MFA device {serial} is already in use.")


def bad_codes(serial: str) -> AwsError:
    """Two codes in a row are never the same."""
    return AwsError("InvalidAuthenticationCodeException", f"Authentication code for device is not valid. ({serial})")
