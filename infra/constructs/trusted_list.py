"""The trusted list of one Region: addresses for which GuardDuty makes no finding of any type."""

from hashlib import sha256
from pathlib import Path

from aws_cdk import CfnTag, FileAssetPackaging, Stack, Stage
from aws_cdk import aws_guardduty as guardduty
from constructs import Construct

from infra.constructs.acknowledge import acknowledge_unlisted
from infra.suppression import CompiledList


class TrustedList(Construct):
    """The one trusted list that an account has in a Region, active, of the newer type where the Region has it.

    Its file lies in the bucket of `cdk bootstrap`, which is encrypted and refuses plain HTTP. The object's key is the
    hash of its content: GuardDuty reads a changed object only when the list is activated again, and CloudFormation
    sees a change only in the key (GuardDuty user guide, adding and activating a list).

    The list goes with its stack: taking the stack away must not leave anybody blind.

    Attributes:
        file: Bucket and key of its file.

    Args:
        trusted_entity_set: Whether the Region has the newer type.
        unlisted: Whether it is the configuration alone that says so.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        detector_id: str,
        compiled: CompiledList,
        name: str,
        trusted_entity_set: bool,
        unlisted: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        content = compiled.text.encode("ascii")
        content_hash = sha256(content).hexdigest()
        file = f"asset.{content_hash}.txt"
        outdir = Path(Stage.of(self).asset_outdir)  # type: ignore[union-attr]  # an app is a stage itself
        (outdir / file).write_bytes(content)
        asset = stack.synthesizer.add_file_asset(
            source_hash=content_hash,
            file_name=file,
            packaging=FileAssetPackaging.FILE,
            display_name="Trusted list",
        )
        self.file = (asset.bucket_name, asset.object_key)
        # Two ids: CloudFormation refuses to change the type of a resource.
        if trusted_entity_set:
            entity_set = guardduty.CfnTrustedEntitySet(
                self,
                "TrustedEntitySet",
                detector_id=detector_id,
                name=name,
                format="TXT",
                location=asset.s3_object_url,
                activate=True,
                expected_bucket_owner=stack.account,
                tags=[
                    guardduty.CfnTrustedEntitySet.TagItemProperty(key=key, value=value)
                    for key, value in compiled.tags.items()
                ],
            )
            if unlisted:
                acknowledge_unlisted(entity_set)
        else:
            guardduty.CfnIPSet(
                self,
                "IPSet",
                detector_id=detector_id,
                name=name,
                format="TXT",
                location=asset.s3_object_url,
                activate=True,
                # Without it an IPSet takes a bucket of anybody's (GuardDuty user guide, list prerequisites).
                expected_bucket_owner=stack.account,
                tags=[CfnTag(key=key, value=value) for key, value in compiled.tags.items()],
            )
