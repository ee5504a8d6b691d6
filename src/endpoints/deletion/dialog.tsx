/** Asks before an endpoint is deleted, and shows what is deleted with it and what is kept. */
import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IEndpointDeletionPlan } from '../../api/types';

/** What is deleted together with the endpoint. */
interface IAlso {
  endpoint_config: boolean;
  models: boolean;
}

/** Return the user's choice; null if nothing is to be deleted. */
export async function confirmDeletion(
  plan: IEndpointDeletionPlan,
  trans: TranslationBundle
): Promise<IAlso | null> {
  const body = new DeletionBody(plan, trans);
  const { button } = await showDialog({
    title: trans.__('Delete endpoint %1?', plan.endpoint_name),
    body,
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Delete') })
    ],
    defaultButton: 0,
    focusNodeSelector: '.jp-mod-reject'
  });
  return button.accept ? body.getValue() : null;
}

class DeletionBody extends ReactWidget implements Dialog.IBodyWidget<IAlso> {
  constructor(
    private readonly _plan: IEndpointDeletionPlan,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('smx-DeletionBody');
    const deletable =
      _plan.endpoint_config_name !== null && _plan.endpoint_config_used_by.length === 0;
    this._also = {
      endpoint_config: deletable,
      models: deletable && _plan.models.length > 0
    };
  }

  getValue(): IAlso {
    return this._also;
  }

  protected render(): JSX.Element {
    return (
      <DeletionChoices
        plan={this._plan}
        initial={this._also}
        onChange={also => (this._also = also)}
        trans={this._trans}
      />
    );
  }

  private _also: IAlso;
}

function DeletionChoices(props: {
  plan: IEndpointDeletionPlan;
  initial: IAlso;
  onChange: (also: IAlso) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { plan, trans } = props;
  const [also, setAlso] = React.useState(props.initial);
  const change = (changed: IAlso): void => {
    // A model can be deleted only if its configuration is deleted too.
    const next = {
      ...changed,
      models: changed.models && changed.endpoint_config
    };
    setAlso(next);
    props.onChange(next);
  };
  const config = plan.endpoint_config_name;
  const users = plan.endpoint_config_used_by;
  return (
    <>
      <p>{trans.__('The endpoint %1 stops answering and is deleted.', plan.endpoint_name)}</p>
      {config !== null && users.length === 0 && (
        <label className="smx-DeletionBody-choice">
          <input
            type="checkbox"
            checked={also.endpoint_config}
            onChange={event => change({ ...also, endpoint_config: event.target.checked })}
          />
          <span>{trans.__('Delete its endpoint configuration %1', config)}</span>
        </label>
      )}
      {config !== null && users.length > 0 && (
        <p>
          {trans.__('The endpoint configuration %1 is kept: %2 uses it.', config, users.join(', '))}
        </p>
      )}
      {plan.models.length > 0 && (
        <label className="smx-DeletionBody-choice">
          <input
            type="checkbox"
            checked={also.models}
            disabled={!also.endpoint_config}
            onChange={event => change({ ...also, models: event.target.checked })}
          />
          <span>
            {trans._n(
              'Delete its model %2',
              'Delete its %1 models %2',
              plan.models.length,
              plan.models.join(', ')
            )}
          </span>
        </label>
      )}
      {Object.entries(plan.models_kept).map(([model, user]) => (
        <p key={model}>{trans.__('The model %1 is kept: %2 uses it.', model, user)}</p>
      ))}
      <p>
        {plan.model_data.length > 0
          ? trans.__('Model data stays: %1', plan.model_data.join(', '))
          : trans.__('Model data stays.')}
      </p>
    </>
  );
}
