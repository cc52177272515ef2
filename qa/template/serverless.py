"""The transform of AWS SAM."""

from __future__ import annotations

SERVERLESS = "AWS::Serverless-2016-10-31"
